// The time zone that this device has, where another one is chosen. Without this script one picks it from the list.

class TimeZoneHint extends HTMLElement {
  connectedCallback() {
    this.choice = this.closest("form").elements.time_zone;
    this.zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const option = [...this.choice.options].find(one => one.value === this.zone);
    if (!option || (this.choice.value || this.dataset.site) === this.zone) return;
    const said = document.createElement("p"), take = document.createElement("button");
    said.className = "hint";
    said.textContent = this.dataset.said.replace("#", option.text);
    take.type = "button";
    take.className = "button";
    take.textContent = this.dataset.take;
    take.addEventListener("click", () => {
      option.selected = true;
      this.replaceChildren();
      this.choice.focus();
    });
    this.append(said, take);
  }
}

customElements.define("time-zone-hint", TimeZoneHint);
