/** K(k), the complete elliptic integral of the first kind, by the arithmetic-geometric mean (DLMF 19.8.5). */
export function completeElliptic(k: number): number {
  let [a, b] = [1, Math.sqrt((1 - k) * (1 + k))];
  for (let round = 0; round < 40 && a !== b; round++) [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
  return Math.PI / (a + b);
}

/** sn, cn and dn of argument u and modulus k, by descending Landen transformations (DLMF 22.20(ii)). */
export function jacobi(u: number, k: number): { sn: number; cn: number; dn: number } {
  const a = [1];
  const c = [k];
  let b = Math.sqrt((1 - k) * (1 + k));
  while (Math.abs(c.at(-1)!) > 1e-17 && a.length < 40) {
    const last = a.at(-1)!;
    a.push((last + b) / 2);
    c.push((last - b) / 2);
    b = Math.sqrt(last * b);
  }
  const n = a.length - 1;
  let phi = 2 ** n * a[n]! * u;
  for (let i = n; i >= 1; i--) phi = (phi + Math.asin((c[i]! / a[i]!) * Math.sin(phi))) / 2;
  const sn = Math.sin(phi);
  return { sn, cn: Math.cos(phi), dn: Math.sqrt(1 - (k * sn) ** 2) };
}

/**
 * The pendulum H = p²/2 − cos q released at rest at angle `amplitude`: sin(q/2) = k sn(K − t), k = sin(amplitude/2).
 *
 * @returns [q, p]
 */
export function pendulumAt(amplitude: number, t: number): [number, number] {
  const k = Math.sin(amplitude / 2);
  const { sn, cn } = jacobi(completeElliptic(k) - t, k);
  return [2 * Math.asin(k * sn), -2 * k * cn];
}

/** The orbit of H = |p|²/2 − 1/r with semi-major axis 1, from the pericentre: [x, y, p_x, p_y]. */
export function keplerAt(eccentricity: number, t: number): [number, number, number, number] {
  const mean = t - 2 * Math.PI * Math.round(t / (2 * Math.PI));
  let anomaly = mean;
  for (let round = 0; round < 100; round++) {
    anomaly -= (anomaly - eccentricity * Math.sin(anomaly) - mean) / (1 - eccentricity * Math.cos(anomaly));
  }
  const [cos, sin] = [Math.cos(anomaly), Math.sin(anomaly)];
  const minor = Math.sqrt(1 - eccentricity ** 2);
  const rate = 1 / (1 - eccentricity * cos);
  return [cos - eccentricity, minor * sin, -sin * rate, minor * cos * rate];
}
