"""The outside world: push services, mail, pictures and where they are stored. Sockets are opened only here."""
