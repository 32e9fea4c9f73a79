(()=>{parts.push(({config:a,api:l})=>{let e=()=>a.optional.map(({id:o})=>o).filter(o=>l.allows(o)),n=e();l.on("change",()=>{let o=e();n.some(s=>!o.includes(s))&&location.reload(),n=o})});})();
