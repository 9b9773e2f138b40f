"""Opens pages in headless Chromium as people see them, and says what is wrong with any of them.

usage: check_pages.py CHROMIUM PICTURES PAGE...
At 390 and 1280 pixels, in light and in dark, each page must keep the rules of page_rules.js, ask the network for nothing and
print no error; a page whose name does not begin with "dialogue" must print on six sheets at most. Pictures of all are left in
the folder PICTURES. Exit code 0 only if nothing is wrong.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
MOST_SHEETS = 6


class Browser:
    """A Chromium that is spoken to through a pipe: no port, no package."""

    def __init__(self, program, profile):
        ours, theirs = os.pipe(), os.pipe()

        def wire():
            # What Chromium reads is its descriptor 3, what it writes 4; both may be in the way of each other.
            source, target = os.dup(theirs[0]), os.dup(ours[1])
            os.dup2(source, 3)
            os.dup2(target, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe",
             "--no-first-run", "--disable-background-networking", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=wire, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(theirs[0])
        os.close(ours[1])
        self.input, self.output = os.fdopen(theirs[1], "wb"), os.fdopen(ours[0], "rb")
        self.number, self.events, self.rest = 0, [], b""
        target = next(each for each in self.call("Target.getTargets")["targetInfos"] if each["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.output.fileno(), 1 << 16)
            if not piece:
                raise EOFError("Chromium has ended")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            request["sessionId"] = self.session
        self.input.write(json.dumps(request).encode() + b"\0")
        self.input.flush()
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def close(self):
        self.input.close()
        self.process.terminate()
        self.process.wait()


def troubles(events, url):
    """Errors and requests that a page has made."""
    for event in events:
        method, about = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            yield f"an error: {about['exceptionDetails'].get('text')}"
        elif method == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            yield f"the console says: {about['entry']['text']}"
        elif method == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
            yield f"the console says: {about['args']}"
        elif method == "Network.requestWillBeSent":
            asked = about["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                yield f"asks for {asked}"


def check(browser, page, pictures):
    """What is wrong with one page."""
    url = page.resolve().as_uri()
    rules = (pathlib.Path(__file__).parent / "page_rules.js").read_text(encoding="utf-8")
    for width in WIDTHS:
        for scheme in SCHEMES:
            browser.events.clear()
            browser.call(
                "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
            browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            browser.call("Page.navigate", url=url)
            browser.wait("Page.loadEventFired")
            found = browser.call("Runtime.evaluate", expression=rules, returnByValue=True)
            if "exceptionDetails" in found:
                yield f"{width} px, {scheme}: the rules could not be asked: {found['exceptionDetails']}"
                continue
            for fault in found["result"]["value"] + list(troubles(browser.events, url)):
                yield f"{width} px, {scheme}: {fault}"
            # As it is opened, not as the rules have left it.
            browser.events.clear()
            browser.call("Page.navigate", url=url)
            browser.wait("Page.loadEventFired")
            picture = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
            (pictures / f"{page.stem}-{width}-{scheme}.png").write_bytes(base64.b64decode(picture["data"]))
    sheets = base64.b64decode(browser.call("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])
    (pictures / f"{page.stem}.pdf").write_bytes(sheets)
    count = len(re.findall(rb"/Type\s*/Page\b", sheets))
    if count > MOST_SHEETS and not page.stem.startswith("dialogue"):
        yield f"it prints on {count} sheets, at most {MOST_SHEETS} are allowed"


def main():
    program, pictures, pages = sys.argv[1], pathlib.Path(sys.argv[2]), [pathlib.Path(each) for each in sys.argv[3:]]
    pictures.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(program, profile)
        try:
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(f"{domain}.enable")
            for page in pages:
                faults = list(dict.fromkeys(check(browser, page, pictures)))
                wrong += len(faults)
                print(f"{page.name}: {'nothing is wrong' if not faults else ''}")
                for fault in faults:
                    print(f"  {fault}")
        finally:
            browser.close()
    return 1 if wrong else 0


sys.exit(main())
