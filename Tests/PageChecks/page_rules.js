// What holds for every page that ambq writes, looked at from within: returns what does not, a line each.
(() => {
  const faults = [];
  const name = (element) => {
    const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()}${element.id ? "#" + element.id : ""}> "${text}"`;
  };
  document.querySelectorAll("details").forEach((details) => (details.open = true));

  // Nothing overflows sideways but boxes that scroll, and the keyboard reaches those.
  if (document.documentElement.scrollWidth > innerWidth)
    faults.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${innerWidth}`);
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  document.querySelectorAll("*").forEach((element) => {
    if (scrolls(element) && element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0)
      faults.push(`a box that scrolls cannot be reached by the keyboard: ${name(element)}`);
  });
  document.querySelectorAll("table, img, svg, pre, p, li, h1, h2").forEach((element) => {
    const right = element.getBoundingClientRect().right;
    let box = element.parentElement;
    while (box && !scrolls(box)) box = box.parentElement;
    if (!box && right > innerWidth + 1) faults.push(`reaches ${Math.round(right)} px of ${innerWidth}: ${name(element)}`);
  });

  // Links lead somewhere, and no two things have one name.
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  new Set(ids.filter((id, place) => ids.indexOf(id) !== place)).forEach((id) => faults.push(`two things are called #${id}`));
  document.querySelectorAll("a[href^='#']").forEach((link) => {
    if (!ids.includes(link.getAttribute("href").slice(1))) faults.push(`leads nowhere: ${name(link)}`);
  });

  // Text has a contrast of 4.5 with what is painted behind it, and in pictures 9 px at least.
  const channels = (colour) => {
    const found = colour.match(/^rgba?\(([^)]*)\)$/);
    if (!found) return null;
    const values = found[1].split(/[ ,/]+/).map(Number);
    return values.length === 3 ? [...values, 1] : values;
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [bright, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (bright + 0.05) / (dark + 0.05);
  };
  const canvas = channels(getComputedStyle(document.documentElement).backgroundColor);
  const ground = (element) => {
    const layers = [];
    for (let box = element; box; box = box.parentElement) {
      const colour = channels(getComputedStyle(box).backgroundColor);
      if (colour && colour[3] > 0) layers.push(colour);
      if (colour && colour[3] === 1) break;
    }
    const base = canvas && canvas[3] === 1 ? canvas : matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0, 1] : [255, 255, 255, 1];
    return layers.reverse().reduce((below, top) => over(top, below), base);
  };
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const seen = new Set();
  const check = (element, ink, paper) => {
    const value = contrast(over(ink, paper), paper);
    const key = `${ink} ${paper}`;
    if (value < 4.5 && !seen.has(key)) {
      seen.add(key);
      faults.push(`contrast ${value.toFixed(2)}: ${name(element)}`);
    }
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg, script, style, template") || !isShown(element)) continue;
    const ink = channels(getComputedStyle(element).color);
    if (ink) check(element, ink, ground(element));
  }
  document.querySelectorAll("svg text").forEach((text) => {
    if (!text.textContent.trim() || !isShown(text)) return;
    const style = getComputedStyle(text);
    const scale = Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b);
    const size = parseFloat(style.fontSize) * scale;
    if (size < 8.95) faults.push(`text of ${size.toFixed(1)} px in a picture: ${name(text)}`);
    text.scrollIntoView({ block: "center", inline: "center" });
    const box = text.getBoundingClientRect();
    const behind = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const shape = behind.find((element) => {
      if (!["rect", "path", "circle", "polygon"].includes(element.tagName)) return false;
      const fill = channels(getComputedStyle(element).fill);
      return fill && fill[3] > 0 && parseFloat(getComputedStyle(element).fillOpacity) > 0.5;
    });
    const ink = channels(style.fill);
    const paper = shape ? over(channels(getComputedStyle(shape).fill), ground(text)) : ground(text);
    if (ink) check(text, ink, paper);
  });
  scrollTo(0, 0);
  return faults;
})()
