/*
 * A page of the site hands the visitor's secret over in the fragment, which no server sees. It leaves the
 * address at once; it is posted only if the visitor really comes from one of the site's own pages.
 */
const secret = new URLSearchParams(location.hash.slice(1)).get("secret");

if (secret) {
  history.replaceState(null, "", location.pathname + location.search);
  const form = document.querySelector("[data-handover]");
  if (form) {
    form.elements.secret.value = secret;
    form.submit();
  }
}
