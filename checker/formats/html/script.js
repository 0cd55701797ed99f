// The page is whole without this script, which narrows what is shown and tells what only a clock or an editor knows.
"use strict";
(() => {
  const FACETS = ["severity", "state", "kind", "rule", "owner"];
  const DAY = 24 * 60 * 60 * 1000;
  const SOON = 30;
  const form = document.querySelector("form.filters");

  function plural(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  }

  function tellEnds() {
    const now = new Date();
    const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
    for (const time of document.querySelectorAll("time")) {
      const days = Math.round((Date.parse(time.dateTime) - today) / DAY);
      if (!(days <= SOON)) continue;
      const mark = document.createElement("span");
      mark.className = "soon";
      mark.textContent = days < 0 ? "has ended" : days === 0 ? "ends today" : `ends in ${plural(days, "day")}`;
      time.after(" ", mark);
    }
  }

  function openForPrint() {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = [...document.querySelectorAll("#findings details:not([open])")];
      for (const details of closed) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of closed) details.open = false;
    });
  }

  function filter() {
    const groups = [...document.querySelectorAll("details.file")].map((element) => ({
      element,
      count: element.querySelector("summary .count"),
      path: element.querySelector(".path").textContent.toLowerCase(),
      total: element.querySelectorAll(".finding").length,
    }));
    const findings = groups.flatMap((group) =>
      [...group.element.querySelectorAll(".finding")].map((element) => ({ element, group, ...element.dataset })),
    );
    const { text, shown, clear, fold } = form.elements;
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const choices = [...form.querySelectorAll("select")];

    function chosen() {
      const wanted = {};
      for (const facet of FACETS) wanted[facet] = new Set();
      for (const box of boxes) if (box.checked) wanted[box.name].add(box.value);
      for (const choice of choices) if (choice.value) wanted[choice.name].add(choice.value);
      return wanted;
    }

    function holds(finding, words) {
      finding.words ??= `${finding.group.path}\n${finding.element.textContent.toLowerCase()}`;
      return words.every((word) => finding.words.includes(word));
    }

    // A value's count says how many findings it would show beside what the other facets ask for.
    function apply() {
      const wanted = chosen();
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const counts = Object.fromEntries(FACETS.map((facet) => [facet, new Map()]));
      const seen = new Map();
      let total = 0;
      for (const finding of findings) {
        const failed = FACETS.filter((facet) => wanted[facet].size && !wanted[facet].has(finding[facet]));
        const matches = failed.length < 2 && holds(finding, words);
        const isShown = matches && !failed.length;
        if (matches) {
          for (const facet of failed.length ? failed : FACETS) {
            counts[facet].set(finding[facet], (counts[facet].get(finding[facet]) ?? 0) + 1);
          }
        }
        if (isShown) {
          total += 1;
          seen.set(finding.group, (seen.get(finding.group) ?? 0) + 1);
        }
        if (finding.element.hidden === isShown) finding.element.hidden = !isShown;
      }
      for (const group of groups) {
        const number = seen.get(group) ?? 0;
        group.element.hidden = !number;
        group.count.textContent =
          number === group.total ? plural(number, "finding") : `${number} of ${plural(group.total, "finding")}`;
      }
      tell(counts, total, wanted, words);
    }

    function tell(counts, total, wanted, words) {
      for (const box of boxes) {
        box.parentElement.querySelector(".count").textContent = (counts[box.name].get(box.value) ?? 0).toLocaleString("en");
      }
      for (const choice of choices) {
        for (const option of choice.options) {
          if (option.value) option.textContent = `${option.value} (${counts[choice.name].get(option.value) ?? 0})`;
        }
      }
      const asked = FACETS.filter((facet) => wanted[facet].size).map((facet) => [facet, [...wanted[facet]].join(",")]);
      if (words.length) asked.push(["text", words.join(" ")]);
      const isAll = total === findings.length;
      shown.value = isAll ? `All ${plural(total, "finding")}` : `${total.toLocaleString("en")} of ${plural(findings.length, "finding")}`;
      shown.dataset.asked = asked.map(([facet, values]) => `${facet}: ${values.replaceAll(",", ", ")}`).join("; ");
      clear.disabled = !asked.length;
      return asked;
    }

    function remember() {
      const asked = new URLSearchParams();
      const wanted = chosen();
      for (const facet of FACETS) if (wanted[facet].size) asked.set(facet, [...wanted[facet]].join(","));
      if (text.value.trim()) asked.set("text", text.value.trim());
      const address = new URL(location.href);
      address.hash = asked.toString().replaceAll("%2F", "/").replaceAll("%2C", ",");
      history.replaceState(null, "", address);
    }

    function decoded(hash) {
      try {
        return decodeURIComponent(hash);
      } catch {
        return hash;
      }
    }

    // A hash with an equals sign says what to show; another one names a place in the page.
    function follow() {
      const hash = location.hash.slice(1);
      if (hash.includes("=")) {
        const asked = new URLSearchParams(hash);
        const values = (facet) => asked.get(facet)?.split(",") ?? [];
        for (const box of boxes) box.checked = values(box.name).includes(box.value);
        for (const choice of choices) choice.value = asked.get(choice.name) ?? "";
        for (const choice of choices) if (choice.selectedIndex < 0) choice.value = "";
        text.value = asked.get("text") ?? "";
        apply();
        document.getElementById("findings").scrollIntoView();
        return;
      }
      const target = hash && document.getElementById(decoded(hash));
      if (!target) return;
      if (target.closest("[hidden]")) reset();
      for (let outer = target.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
      target.scrollIntoView();
    }

    function reset() {
      form.reset();
      apply();
    }

    function change() {
      apply();
      remember();
    }

    let waiting = 0;
    text.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(change, 100);
    });
    form.addEventListener("change", (event) => {
      if (event.target !== text) change();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    clear.addEventListener("click", () => {
      reset();
      remember();
      text.focus();
    });
    fold.addEventListener("click", () => {
      const isFolding = fold.textContent === fold.dataset.fold;
      for (const group of groups) group.element.open = !isFolding;
      fold.textContent = isFolding ? fold.dataset.unfold : fold.dataset.fold;
    });
    addEventListener("hashchange", follow);
    form.hidden = false;
    apply();
    follow();
  }

  // Where lines open is remembered for the next report, if the browser lets pages from files do so.
  function openLines() {
    const choice = document.querySelector("form.lines");
    const { program, where } = choice.elements;
    const root = document.documentElement.dataset.root.replaceAll("\\", "/");
    const programs = {
      vscode: { start: root, title: "Folder of the files", of: (at) => `vscode://file/${at.file}:${at.line}:${at.column}` },
      jetbrains: { start: root, title: "Folder of the files", of: (at) => `idea://open?file=/${at.file}&line=${at.line}` },
      web: {
        start: "https://git.example/shop/blob/main/{path}#L{line}",
        title: "Address with {path} and {line}",
        of: (at) => where.value.replaceAll("{path}", at.path).replaceAll("{line}", at.line),
      },
    };
    const escaped = (path) => path.split("/").map(encodeURIComponent).join("/");

    function remembered(name) {
      try {
        return localStorage.getItem(`checker.${name}`);
      } catch {
        return null;
      }
    }

    function remember(name, value) {
      try {
        localStorage.setItem(`checker.${name}`, value);
      } catch {
        // the choice holds for this page only
      }
    }

    function point() {
      const chosen = programs[program.value];
      where.hidden = !chosen;
      where.pattern = program.value === "web" ? "https?://.+" : ".+";
      const isUsable = chosen && where.checkValidity();
      const folder = escaped(where.value.replace(/^\/+|\/+$/g, "")).replace("%3A", ":");
      for (const place of document.querySelectorAll("a.place")) {
        const path = escaped(place.closest(".file").querySelector(".path").textContent);
        const [line, column] = place.textContent.split(":");
        place.href = isUsable
          ? chosen.of({ path, file: `${folder}/${path}`, line, column })
          : `#${place.closest(".finding").id}`;
      }
    }

    function choose() {
      const chosen = programs[program.value];
      if (chosen) {
        where.value = remembered(program.value) ?? chosen.start;
        where.setAttribute("aria-label", chosen.title);
        where.title = chosen.title;
      }
      point();
    }

    program.addEventListener("change", () => {
      remember("program", program.value);
      choose();
    });
    where.addEventListener("change", () => {
      remember(program.value, where.value);
      point();
    });
    choice.addEventListener("submit", (event) => event.preventDefault());
    program.value = programs[remembered("program")] ? remembered("program") : "";
    choice.hidden = false;
    if (program.value) choose();
  }

  tellEnds();
  openForPrint();
  if (form) {
    filter();
    openLines();
  }
})();
