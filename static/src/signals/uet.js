/** Tell Microsoft UET its only signal, as its default or an update. */
export const tellUet = (kind, signals) => (window.uetq = window.uetq || []).push("consent", kind, signals);
