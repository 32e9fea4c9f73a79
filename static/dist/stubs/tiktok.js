(()=>{var i=(t,o)=>{let n=window.consentDefaults=window.consentDefaults||{};n[t]||o(n[t]=[])};var s=t=>{let o=window.ttq=window.ttq||[];o[t]?o[t]():o.push([t])};i("tiktok",()=>s("holdConsent"));})();
