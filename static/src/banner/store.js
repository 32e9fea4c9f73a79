const DAY_SECONDS = 86400;

/** Return a Storage, or an object that lasts as long as the page where there is none. */
const storage = (kind) => {
  try {
    return window[kind] ?? {};
  } catch {
    return {};
  }
};

/** Set a cookie, if any; return all. A sandboxed frame has none. */
const jar = (cookie) => {
  try {
    if (cookie) document.cookie = cookie;
    return document.cookie;
  } catch {
    return "";
  }
};

/** Return a host's name and those of the domains above it that may have cookies. */
export const parentDomains = (host) => {
  const labels = host.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
};

/** Return the cookies of a site's answer. What the browser does not keep lasts as long as the page. */
const makeCookies = ({ domain, days }, isMounted) => {
  const unkept = {};
  const put = (name, value, on, seconds) => {
    const secure = location.protocol === "https:" ? ";Secure" : "";
    const where = on ? `;Domain=${on}` : "";
    jar(`${name}=${value};Path=/;SameSite=Lax;Max-Age=${seconds}${where}${secure}`);
  };
  const kept = (name) =>
    jar()
      .split("; ")
      .filter((pair) => pair.startsWith(`${name}=`))
      .map((pair) => pair.slice(name.length + 1));
  const read = (name) => kept(name).concat(unkept[name] ?? []);
  const write = (name, value) => {
    const held = kept(name);
    // What the site's own server set is kept longer than what a script writes over it.
    if (isMounted && held.length === 1 && held[0] === value) return;
    if (held.length > 1) ["", ...parentDomains(location.hostname)].forEach((on) => put(name, "", on, 0));
    put(name, value, domain, value ? days * DAY_SECONDS : 0);
    unkept[name] = value && !kept(name).length ? value : [];
  };
  return { read, write };
};

/** Return everything this browser keeps for a site. Nothing is kept before an act of the visitor. */
export const makeStore = ({ name, api, cookie }) => {
  const cookies = makeCookies(cookie, api.startsWith(`${location.origin}/`));
  let lasting = storage("localStorage");
  const passing = storage("sessionStorage");
  const secret = `${name}_secret`;
  const unsent = `${name}_unsent_`;
  const placeOf = ({ at, body }) => unsent + at + body.key;

  return {
    tokens: () => cookies.read(name),
    setToken: (text) => cookies.write(name, text),
    secrets: () => cookies.read(secret),
    secret: () => cookies.read(secret)[0],
    setSecret: (text) => cookies.write(secret, text),

    queue: () =>
      Object.keys(lasting)
        .filter((place) => place.startsWith(unsent))
        .sort()
        .map((place) => JSON.parse(lasting[place])),
    keep: (item) => {
      const kept = { [placeOf(item)]: JSON.stringify(item) };
      try {
        Object.assign(lasting, kept);
      } catch {
        // The storage is full: what is in it and this last as long as the page.
        lasting = { ...lasting, ...kept };
      }
    },
    drop: (item) => delete lasting[placeOf(item)],

    handedOver: () => passing[secret],
    handOver: (text) => (passing[secret] = text),
    forgetHandOver: () => delete passing[secret],

    hourAsked: () => lasting[`${name}_asked`],
    setHourAsked: (day) => (lasting[`${name}_asked`] = day),
  };
};
