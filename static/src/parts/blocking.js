const TAGS = { SCRIPT: HTMLScriptElement, IFRAME: HTMLIFrameElement };

/** Hold scripts and frames of hosts that the notice lists, as if the page had marked them up. */
parts.push(({ config, api }) => {
  const { hosts, report } = config.blocking;
  const reported = new Set();

  /** Return the purpose and vendor that an address waits for, if it does. */
  const waitsFor = (address) => {
    const { hostname, href } = new URL(address, document.baseURI);
    const names = hostname === location.hostname ? [] : (hosts[hostname] ?? []);
    const name = names.find((one) => !api.allows(...one.split(":")));
    if (!name || !report) return name;
    if (!reported.has(href)) console.info(`consent: would hold ${href} until ${name} is allowed`);
    reported.add(href);
  };

  const hold = (element, address, name) => {
    const { dataset } = element;
    dataset.consent = name;
    if (element.tagName === "IFRAME") {
      dataset.src = address;
      element.removeAttribute("src");
      return;
    }
    if (element.type) dataset.type = element.type;
    element.type = "text/plain";
  };
  const isFree = ({ dataset }) => !("consent" in dataset);

  // What scripts insert starts at once, so it is held before it has an address.
  for (const { prototype } of Object.values(TAGS)) {
    const { get, set } = Object.getOwnPropertyDescriptor(prototype, "src");
    const give = (element, address, pass) => {
      const name = isFree(element) && waitsFor(`${address}`);
      if (name) hold(element, `${address}`, name);
      if (!name || element.tagName === "SCRIPT") pass();
    };
    Object.defineProperty(prototype, "src", {
      configurable: true,
      enumerable: true,
      get,
      set(address) {
        give(this, address, () => set.call(this, address));
      },
    });
    prototype.setAttribute = function (name, value) {
      const pass = () => Element.prototype.setAttribute.call(this, name, value);
      if (`${name}`.toLowerCase() === "src") give(this, value, pass);
      else pass();
    };
  }

  // What is in the page comes by here before it starts.
  const look = (records) => {
    for (const { addedNodes } of records)
      for (const added of addedNodes)
        for (const element of added.tagName in TAGS ? [added] : (added.querySelectorAll?.("script, iframe") ?? [])) {
          const address = element.getAttribute("src");
          const name = address && element.type !== "text/plain" && isFree(element) && waitsFor(address);
          if (name) hold(element, address, name);
        }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
});
