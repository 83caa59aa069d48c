using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Cpu;
using Goodhart.Testing.Reference;

namespace Goodhart.Models.Tests.Conformance;

public sealed class CheckpointsOnTheReferenceDevice() : CheckpointConformance(() => new ReferenceDevice());

public sealed class CheckpointsOnTheCpu() : CheckpointConformance(() => new CpuDevice(1));

public sealed class AdaptersOnTheReferenceDevice() : AdapterConformance(() => new ReferenceDevice());

public sealed class AdaptersOnTheCpu() : AdapterConformance(() => new CpuDevice(1));
