(()=>{parts.push(({config:t})=>console.warn(`consent: standard texts are not translated into ${t.locale}`));})();
