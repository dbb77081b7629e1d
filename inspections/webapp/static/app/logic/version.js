export const APP = "1.0.0";
