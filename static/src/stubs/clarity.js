import { tellClarity } from "../signals/clarity.js";
import { once } from "../signals/once.js";

once("clarity", () => tellClarity("denied", "denied"));
