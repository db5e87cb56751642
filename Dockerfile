# API, worker and migrations of Do Not Play; which of them runs is the command's choice (see docker-compose.yml).

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
# The launcher and the sandbox belong to development and stay out of the image.
RUN node --import tsx dev/build/main.ts && rm -rf dist/dev

FROM node:20.20.2-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# Whoever writes here first is the user below, also where a volume is mounted.
RUN mkdir -p /var/lib/do-not-play && chown node:node /var/lib/do-not-play
USER node
EXPOSE 8080 9464
CMD ["node", "dist/api/server.js"]
