import { published } from "./formula.ts";

/**
 * The right-hand sides of the ODE-Strogatz benchmark: seven planar systems of nonlinear dynamics.
 * W. La Cava, K. Danai, L. Spector, Inference of compact nonlinear dynamic models by epigenetic local search,
 * Engineering Applications of Artificial Intelligence 55 (2016) 292, doi 10.1016/j.engappai.2016.07.004.
 */
export const strogatz = published([
  ["bacterial respiration 1", "20-x-((x*y)/(1+0.5*x^2))", "x 1 5, y 1 5"],
  ["bacterial respiration 2", "10-((x*y)/(1+0.5*x^2))", "x 1 5, y 1 5"],
  ["bar magnets 1", "0.5*sin(x-y)-sin(x)", "x 0 6, y 0 6"],
  ["bar magnets 2", "0.5*sin(y-x)-sin(y)", "x 0 6, y 0 6"],
  ["glider 1", "-0.05*x^2-sin(y)", "x 1 5, y 0 6"],
  ["glider 2", "x-(cos(y)/x)", "x 1 5, y 0 6"],
  ["Lotka-Volterra 1", "3*x-2*x*y-x^2", "x 1 5, y 1 5"],
  ["Lotka-Volterra 2", "2*y-x*y-y^2", "x 1 5, y 1 5"],
  ["predator prey 1", "x*(4-x-(y/(1+x)))", "x 1 5, y 1 5"],
  ["predator prey 2", "y*((x/(1+x))-0.075*y)", "x 1 5, y 1 5"],
  ["shear flow 1", "cot(y)*cos(x)", "x 0 6, y 1 2"],
  ["shear flow 2", "(cos(y)^2+0.1*sin(y)^2)*sin(x)", "x 0 6, y 0 6"],
  ["van der Pol 1", "10*(y-(1/3*(x^3-x)))", "x 1 5, y 1 5"],
  ["van der Pol 2", "-1/10*x", "x 1 5"],
]);
