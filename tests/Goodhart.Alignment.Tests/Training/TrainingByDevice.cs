using Goodhart.Engine.Conformance.Folders;
using Goodhart.Engine.Cpu;
using Goodhart.Testing.Reference;

namespace Goodhart.Alignment.Tests.Training;

public sealed class TrainingOnTheReferenceDevice() : TrainingConformance(() => new ReferenceDevice());

public sealed class TrainingOnTheCpu() : TrainingConformance(() => new CpuDevice(1));

public sealed class AdapterTrainingOnTheReferenceDevice() : AdapterTrainingConformance(() => new ReferenceDevice());

public sealed class AdapterTrainingOnTheCpu() : AdapterTrainingConformance(() => new CpuDevice(1));

public sealed class TrainingMemoryOnTheReferenceDevice() : TrainingMemoryConformance(() => new ReferenceDevice());

public sealed class TrainingMemoryOnTheCpu() : TrainingMemoryConformance(() => new CpuDevice(2));
