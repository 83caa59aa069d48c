using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Cpu;
using Goodhart.Testing.Reference;

namespace Goodhart.Models.Tests.Conformance;

public sealed class CheckpointsOnTheReferenceDevice() : CheckpointConformance(() => new ReferenceDevice());

public sealed class CheckpointsOnTheCpu() : CheckpointConformance(() => new CpuDevice(1));
