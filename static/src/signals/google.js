/** Call gtag: it pushes the arguments themselves, for Google's tags pass over an array. */
export function gtag() {
  (window.dataLayer = window.dataLayer || []).push(arguments);
}
