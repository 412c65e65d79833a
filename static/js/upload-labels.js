// What is found on photos that have just been sent: asked after one second, then two, then five while nothing changes.
// It ends when all is told, when nobody is signed in, or after a while without news.

const WAITS_MS = [1000, 2000, 5000], MOST = 50, PATIENCE = 60;

export class Labels {
  open = new Map(); // id → item
  idle = 0; // answers in a row without news

  constructor(address, changed) {
    Object.assign(this, {address, changed});
    document.addEventListener("visibilitychange", () => this.news());
  }

  watch(item) {
    this.open.set(item.photo, item);
    if (!this.timer) this.news();
  }

  news() {
    this.idle = 0;
    this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = 0;
    if (document.hidden || !this.open.size || this.idle > PATIENCE) return;
    this.timer = setTimeout(() => this.look(), WAITS_MS[Math.min(this.idle, WAITS_MS.length - 1)]);
  }

  async look() {
    const asked = [...this.open].slice(0, MOST);
    const query = new URLSearchParams(asked.map(([id]) => ["id", id]));
    let answer;
    try {
      answer = await fetch(`${this.address}?${query}`, {redirect: "manual"});
    } catch {
      answer = null; // no connection: it goes on when there is one
    }
    if (answer && !answer.ok && answer.status < 500) this.open.clear(); // nobody is signed in
    if (answer?.ok) this.read(asked, await answer.json());
    else this.idle += 1;
    this.soon();
  }

  read(asked, {photos}) {
    const told = new Map(photos.map(photo => [photo.id, photo]));
    let changed = false;
    for (const [id, item] of asked) {
      const now = told.get(id) ?? {state: "gone", labels: [], reason: ""};
      changed ||= JSON.stringify(now) !== JSON.stringify(item.now);
      item.now = now;
      this.open.delete(id);
      if (now.state === "pending") this.open.set(id, item); // as the last one, so that all have their turn
    }
    const done = asked.filter(([, item]) => item.now.state === "done").map(([id]) => id);
    if (done.length) document.dispatchEvent(new CustomEvent("photosite:processed", {detail: {ids: done}}));
    this.idle = changed ? 0 : this.idle + 1;
    this.changed();
  }
}
