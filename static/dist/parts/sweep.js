(()=>{parts.push(async({config:a,api:l})=>(await import(a.dialog)).cleanUp({allows:l.allows,own:a.name}));})();
