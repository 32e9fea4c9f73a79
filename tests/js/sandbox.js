import { readFile } from "node:fs/promises";
import { createContext, runInContext } from "node:vm";

const text = await readFile(new URL("../../clients/gtm/consent-gateway.tpl", import.meta.url), "utf8");

/** Return a section of the template. */
export const section = (name) => text.split(`___${name}___\n`)[1].split(/^___\w+___$/m)[0].trim();

/** What may be used only with a permission, as Google documents it. */
const NEEDS = {
  getCookieValues: "get_cookies",
  getRequestHeader: "read_request",
  isRequestMpv2: "read_request",
  extractEventsFromMpv2: "read_request",
  sendHttpGet: "send_http",
  runContainer: "run_container",
  setResponseHeader: "access_response",
  setResponseStatus: "access_response",
  returnResponse: "return_response",
};
const granted = new Set(JSON.parse(section("SERVER_PERMISSIONS")).map(({ instance }) => instance.key.publicId));

const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

const sendHttpGet = async (url, { headers, timeout }) => {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(timeout) });
    return { statusCode: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() };
  } catch ({ name }) {
    throw { reason: name === "TimeoutError" ? "timed_out" : "failed" };
  }
};

/** Run the template on a request as the sandbox does; resolves to what it did, once it answered or did not claim. */
export const run = (data, { events, headers = {}, cookies = [], isMpv2 = true }, changed = {}) =>
  new Promise((resolve) => {
    const did = { claimed: false, ran: [], headers: {} };
    const apis = {
      Object: { keys: Object.keys, delete: (object, key) => delete object[key] },
      Promise: { all: (inputs) => Promise.all(inputs), create: (resolver) => new Promise(resolver) },
      claimRequest: () => (did.claimed = true),
      encodeUriComponent: encodeURIComponent,
      extractEventsFromMpv2: () => structuredClone(events),
      getCookieValues: (name, noDecode) => (noDecode ? cookies.filter(([own]) => own === name).map(([, value]) => value) : []),
      getRequestHeader: (name) => headers[name.toLowerCase()],
      getType: typeOf,
      isRequestMpv2: () => isMpv2,
      returnResponse: () => resolve(did),
      runContainer: (event, onComplete) => {
        did.ran.push(structuredClone(event));
        queueMicrotask(onComplete);
      },
      sendHttpGet,
      setResponseHeader: (name, value) => (did.headers[name.toLowerCase()] = value),
      setResponseStatus: (status) => (did.status = status),
      ...changed,
    };
    const require = (name) => {
      if (!Object.hasOwn(apis, name)) throw new Error(`the sandbox has no ${name}`);
      if (NEEDS[name] && !granted.has(NEEDS[name])) throw new Error(`${name} needs ${NEEDS[name]}`);
      return apis[name];
    };
    const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
    // Nothing global is there but `require`.
    runInContext("((all) => Object.getOwnPropertyNames(all).forEach((name) => delete all[name]))(globalThis)", context);
    Object.assign(context, { require, data });
    runInContext(`(() => {"use strict";${section("SANDBOXED_JS_FOR_SERVER")}})()`, context);
    if (!did.claimed) resolve(did);
  });
