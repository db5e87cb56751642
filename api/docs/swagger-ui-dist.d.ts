// The package's main file would load Swagger UI itself, which is meant for browsers.
declare module 'swagger-ui-dist/absolute-path' {
  /** Folder with the files of Swagger UI. */
  export default function absolutePath(): string;
}
