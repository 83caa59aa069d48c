using BenchmarkDotNet.Running;
using Goodhart.Bench;

if (args is [StepBench.Worker, { } folder])
{
    await StepBench.ServeAsync(folder);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
