(()=>{var s=({globalPrivacyControl:t})=>t===!0;parts.push(({config:t,api:o})=>{let a=({id:p,sells:r})=>r&&!o.allows(p);s(navigator)&&t.optional.some(a)&&(t.texts.intro+=` ${t.gpc}`)});})();
