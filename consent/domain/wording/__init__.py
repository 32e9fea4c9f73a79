"""How a site's own texts may not speak to visitors, language by language."""
