using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Adapters;

/// <summary>Names and shapes of an adapter's tensors, as PEFT stores them.</summary>
internal static class AdapterTensors
{
    public const string Prefix = "base_model.model.";

    public static string Down(string module) => $"{Prefix}{module}.lora_A.weight";

    public static string Up(string module) => $"{Prefix}{module}.lora_B.weight";

    /// <summary>A head that is trained whole (<c>modules_to_save</c>).</summary>
    public static string Whole(string tensor) => Prefix + tensor;

    /// <param name="trainsHead">Whether the head of one score is the adapter's own.</param>
    public static IReadOnlyList<TensorSpec> Of(ModelConfig model, LoraConfig lora, bool trainsHead)
    {
        List<TensorSpec> tensors = [];
        foreach (TensorSpec layer in lora.LayersOf(model))
        {
            string module = LoraConfig.ModuleOf(layer);
            tensors.Add(new(Down(module), new TensorShape(lora.Rank, layer.Shape[1])));
            tensors.Add(new(Up(module), new TensorShape(layer.Shape[0], lora.Rank)));
        }

        if (trainsHead)
        {
            tensors.Add(new(Whole(model.HeadName), new TensorShape(1, model.HiddenSize)));
        }

        return tensors;
    }
}
