// Photos that were chosen but that the server has not taken yet, kept in this browser (IndexedDB) for the person who chose
// them and the form that they belong to, as drafts.js keeps texts.
import { KEPT_MS } from "./drafts.js";
import { person } from "./page.js";

const STORE = "photos";
const MOST = 24;
const MOST_BYTES = 200 * 1024 * 1024;

// Its number; throws when this browser has no room for it, or keeps nothing (private mode).
export async function keepPhoto(url, file) {
  const others = await all();
  const size = others.reduce((sum, { value }) => sum + value.file.size, file.size);
  if (others.length >= MOST || size > MOST_BYTES) throw new Error("there is no room");
  return change((store) => store.add({ owner: person(), url, file, at: Date.now() }));
}

export async function unsentPhotos(url) {
  const photos = await all();
  return photos.filter(({ value }) => value.owner === person() && value.url === url);
}

export const dropPhoto = (number) => change((store) => store.delete(number));

export const dropAllPhotos = () => change((store) => store.clear());

async function all() {
  const photos = await read();
  const isOld = ({ value }) => Date.now() - value.at > KEPT_MS;
  await Promise.all(photos.filter(isOld).map(({ number }) => dropPhoto(number)));
  return photos.filter((photo) => !isOld(photo));
}

function read() {
  return within("readonly", (store, done) => {
    const photos = [];
    store.openCursor().onsuccess = ({ target }) => {
      const cursor = target.result;
      if (!cursor) return done(photos);
      photos.push({ number: cursor.key, value: cursor.value });
      cursor.continue();
    };
  });
}

const change = (ask) => within("readwrite", (store, done) => (ask(store).onsuccess = ({ target }) => done(target.result)));

async function within(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      let result;
      transaction.oncomplete = () => resolve(result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error); // the quota speaks up here
      work(transaction.objectStore(STORE), (value) => (result = value));
    });
  } finally {
    database.close();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("unsent-photos", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}
