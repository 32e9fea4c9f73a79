import { tellClarity } from "../signals/clarity.js";
import { follow, worded } from "../signals/follow.js";

follow("clarity", (signals) => {
  const { ad_storage, analytics_storage } = worded(signals);
  tellClarity(ad_storage, analytics_storage);
});
