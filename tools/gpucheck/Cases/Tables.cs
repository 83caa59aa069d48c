using Goodhart.Engine.Conformance;
using Goodhart.Engine.Conformance.Folders;

namespace Goodhart.GpuCheck.Cases;

public sealed class Linear() : LinearConformance(DeviceUnderTest.Kind);

public sealed class Head() : HeadConformance(DeviceUnderTest.Kind);

public sealed class HeadViews() : HeadViewsConformance(DeviceUnderTest.Kind);

public sealed class Hold() : HoldConformance(DeviceUnderTest.Kind);

public sealed class Optimizers() : OptimizersConformance(DeviceUnderTest.Kind);

public sealed class Sample() : SampleConformance(DeviceUnderTest.Kind);

public sealed class Attention() : AttentionConformance(DeviceUnderTest.Kind);

public sealed class PlainAttention() : AttentionConformance(DeviceUnderTest.Plain);

public sealed class PlainDecode() : DecodeConformance(DeviceUnderTest.Plain);

public sealed class Decode() : DecodeConformance(DeviceUnderTest.Kind);

public sealed class Gather() : GatherConformance(DeviceUnderTest.Kind);

public sealed class Gelu() : GeluConformance(DeviceUnderTest.Kind);

public sealed class Tanh() : TanhConformance(DeviceUnderTest.Kind);

public sealed class SwiGlu() : SwiGluConformance(DeviceUnderTest.Kind);

public sealed class LayerNorm() : LayerNormConformance(DeviceUnderTest.Kind);

public sealed class RmsNorm() : RmsNormConformance(DeviceUnderTest.Kind);

public sealed class Rotary() : RotaryConformance(DeviceUnderTest.Kind);

/// <summary>Logits, log-probs and greedy decoding of the reference checkpoints.</summary>
public sealed class Checkpoints() : CheckpointConformance(DeviceUnderTest.One);

/// <summary>Reference adapters: on, off and merged.</summary>
public sealed class Adapters() : AdapterConformance(DeviceUnderTest.One);

/// <summary>Gradients and updates of the reference adapters.</summary>
public sealed class AdapterTraining() : AdapterTrainingConformance(DeviceUnderTest.One);

/// <summary>Training that recomputes activations or keeps its optimizer's state on the host.</summary>
public sealed class TrainingMemory() : TrainingMemoryConformance(DeviceUnderTest.One);

/// <summary>Gradients and optimizer traces of the reference checkpoints.</summary>
public sealed class Training() : TrainingConformance(DeviceUnderTest.One);
