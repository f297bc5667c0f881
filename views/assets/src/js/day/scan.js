// Reads the code of a confirmation with the camera, where the browser can; where
// it cannot, the code is typed.
export function scan(root, found) {
  const button = root.querySelector("[data-scan]");
  if (!button || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const video = root.querySelector("[data-camera]");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      button.hidden = true; // no camera, or not allowed: the field below serves
      root.querySelector("#code")?.focus();
      return;
    }
    video.hidden = false;
    video.srcObject = stream;
    await video.play();
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const until = Date.now() + 60000;
    const look = async () => {
      const codes = await detector.detect(video).catch(() => []);
      if (codes.length === 0 && Date.now() < until) {
        requestAnimationFrame(look);
        return;
      }
      for (const track of stream.getTracks()) track.stop();
      video.hidden = true;
      if (codes.length > 0) found(codes[0].rawValue);
    };
    look();
  });
}

// seatOf finds whose code it is, as typed: without hyphens, in small letters, with
// the letters that look like digits.
export function seatOf(root, typed) {
  const code = (text) => text.toUpperCase().replace(/[^0-9A-Z]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1").slice(-8);
  const want = code(typed);
  if (want.length < 8) return null;
  for (const row of root.querySelectorAll("[data-seat][data-code]")) if (code(row.dataset.code) === want) return row;
  return null;
}
