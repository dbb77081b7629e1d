declare const VERSION: string;
declare const ASSETS: string[];
