(()=>{window.wp_consent_type=window.wp_consent_type||"optin";})();
