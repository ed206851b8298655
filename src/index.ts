/**
 * hnnc: a Hamiltonian as text, compiled. The compiler half; it loads without TensorFlow.js.
 *
 * @module
 */

export type { CheckLine } from "./check/check.ts";
export { type CheckReport, check } from "./check/check-model.ts";
export type { CheckOptions } from "./check/options.ts";
export type { Kernels, ParameterValues, State } from "./codegen/load.ts";
export type { Artifact, EmitOptions, Meta, Target } from "./codegen/target.ts";
export { type TargetName, targets } from "./codegen/targets.ts";
export { loadWasm, type WasmKernels } from "./codegen/wasm/loader.ts";
export { type Compiled, type CompileOptions, compile, compileModel, type ModelText, readModel } from "./compile.ts";
export { asTrajectory, column, type Dataset, type Run, stateAt, type Trajectory } from "./data/dataset.ts";
export type { Provenance } from "./data/provenance.ts";
export { type ReadOptions, readDataset } from "./data/read.ts";
export { type DatasetWriter, openWriter, writeDataset } from "./data/write.ts";
export { type ErrorKind, HnncError } from "./errors.ts";
export { differentiate, gradient, hessian } from "./expr/differentiate.ts";
export { evaluate, type Values } from "./expr/evaluate.ts";
export type { Expr } from "./expr/expr.ts";
export { toLatex } from "./expr/latex.ts";
export { print } from "./expr/print.ts";
export { substitute } from "./expr/substitute.ts";
export { Divergence } from "./integrate/divergence.ts";
export type { Citation, Integrator } from "./integrate/integrator.ts";
export { integrators } from "./integrate/integrators.ts";
export { bindNetworks } from "./mechanics/bind-networks.ts";
export { type Pairs, poissonBracket } from "./mechanics/bracket.ts";
export type { EquationOfMotion } from "./mechanics/motion.ts";
export type { Separation } from "./mechanics/separate.ts";
export { variationalModel } from "./mechanics/variational.ts";
export type { Model } from "./model.ts";
export type { ActivationName, DenseLayer, Network } from "./network.ts";
export type { ParseOptions, SymbolDeclaration } from "./parser/expression.ts";
export { parse, parseModel } from "./parser/parse.ts";
export { drawPicture, type PictureOptions } from "./picture/picture.ts";
export { type TerminalPlotOptions, terminalPlot } from "./picture/terminal.ts";
export { planSimulation, type Simulation, type SimulationPlan, simulate } from "./simulate.ts";
export { type EventFormula, parseEventFormula } from "./simulation/event-formula.ts";
export { type GenerationPlan, generate, planGeneration, type TrainingData } from "./simulation/generate.ts";
export type { GenerateOptions } from "./simulation/generate-options.ts";
export { type Lyapunov, type LyapunovOptions, lyapunov } from "./simulation/lyapunov.ts";
export type { EventRecord, MethodName, SimulateOptions, SimulationReport } from "./simulation/options.ts";
export { planSection, poincareSection, type SectionOptions, type SectionPlan } from "./simulation/section.ts";
export type { System } from "./systems/system.ts";
export { systems } from "./systems/systems.ts";
export { version } from "./version.ts";
