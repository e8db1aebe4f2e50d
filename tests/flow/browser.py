"""A page as a browser shows it: headless Chromium, without a network.

    shown = look(html, width=320, dark=True)
    shown.overflow      pixels by which the page is wider than the window
    shown.contrasts     (ratio, words) of every piece of text against what lies behind it (WCAG 2.1, 1.4.3)
    shown.brightness    mean of the screenshot, 0 black to 255 white
    shown.picture       the screenshot, PNG
"""
import collections
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import zlib

Shown = collections.namedtuple("Shown", "overflow contrasts brightness picture")

# Windows narrower than 500 pixels are not to be had: the page is put into a frame of the width wished for.
PAGE = """<!DOCTYPE html><body style="margin:0"><iframe id="f" width="%d" height="%d" style="border:0"></iframe>
<pre id="found"></pre><script>
const frame = document.getElementById("f");
frame.onload = () => {
  const page = frame.contentDocument, found = [], view = frame.contentWindow;
  const rgb = (words) => words.match(/[\\d.]+/g).map(Number);
  const light = (c) => { const v = c.slice(0, 3).map((x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const words = walk.currentNode.data.trim(), holder = walk.currentNode.parentElement;
    if (!words || !holder.getClientRects().length) continue;
    let behind = holder, ground = [0, 0, 0, 0];
    while (behind && (ground.length === 4 && ground[3] === 0)) {
      ground = rgb(view.getComputedStyle(behind).backgroundColor); behind = behind.parentElement; }
    const a = light(rgb(view.getComputedStyle(holder).color)), b = light(ground);
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), words.slice(0, 60)]);
  }
  document.getElementById("found").textContent = JSON.stringify({
    overflow: page.documentElement.scrollWidth - %d, contrasts: found});
};
frame.srcdoc = %s;
</script></body>"""


def chromium(folder, *words):
    return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                           "--hide-scrollbars", "--user-data-dir=%s" % tempfile.mkdtemp(dir=folder), *words],
                          capture_output=True, text=True, timeout=100).stdout


def brightness(png):
    """Of an 8-bit RGB or RGBA picture (PNG 9.2: each line is filtered by what stands left and above)."""
    width, height, _, kind = struct.unpack(">IIBB", png[16:26])
    data, at = b"", 8
    while at < len(png):
        size, name = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + size] if name == b"IDAT" else b""
        at += size + 12
    raw, step, total = zlib.decompress(data), {2: 3, 6: 4}[kind], 0
    above = bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        line = bytearray(raw[start + 1:start + 1 + width * step])
        how = raw[start]
        for x in range(len(line) if how else 0):
            left = line[x - step] if x >= step else 0
            corner = above[x - step] if x >= step else 0
            guess = left + above[x] - corner
            paeth = min((abs(guess - left), 0, left), (abs(guess - above[x]), 1, above[x]), (abs(guess - corner), 2, corner))[2]
            line[x] = (line[x] + (0, left, above[x], (left + above[x]) // 2, paeth)[how]) & 255
        above = line
        if y % 8 == 0:
            total += sum(line[0::step]) + sum(line[1::step]) + sum(line[2::step])
    return total / (3 * width * ((height + 7) // 8))


def look(html, width=1000, dark=False, height=500):
    folder = tempfile.mkdtemp(prefix="browser-", dir="/tmp")
    try:
        page, picture = os.path.join(folder, "page.html"), os.path.join(folder, "page.png")
        with open(page, "w") as out:
            out.write(PAGE % (width, height, width, json.dumps(html).replace("</", "<\\/")))
        mode = ["--blink-settings=preferredColorScheme=%d" % (0 if dark else 1)]
        dom = chromium(folder, *mode, "--virtual-time-budget=4000", "--window-size=%d,%d" % (width, height),
                       "--screenshot=" + picture, "--dump-dom", "file://" + page)
        found = re.search(r'<pre id="found">(.*?)</pre>', dom, re.S)[1]
        found = json.loads(found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        with open(picture, "rb") as file:
            png = file.read()
        return Shown(found["overflow"], found["contrasts"], brightness(png), png)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
