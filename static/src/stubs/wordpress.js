// Without a type the plugin allows everything; the strictest holds until the visitor's own is known.
window.wp_consent_type = window.wp_consent_type || "optin";
