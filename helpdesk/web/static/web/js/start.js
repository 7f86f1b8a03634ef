// Runs before the first paint: lets the stylesheet know that behaviours will come.
document.documentElement.classList.add("js");
