using Goodhart.Engine;
using Goodhart.Models.Adapters;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models;

/// <summary>Parameters of a folder on a device: read from it, or another model's where they are the same and frozen.</summary>
internal static class FolderWeights
{
    /// <summary>Elements that are read at once: beside a model's weights there is no room for its largest tensor again.</summary>
    private const int Part = 1 << 20;

    public static ModelWeights Of(ModelFolder folder, IDevice device, bool training, LanguageModel? beside) =>
        !training && Shares(folder, device, folder.Tensors, beside)
            ? beside!.Weights.Share(adapter: null)
            : new ModelWeights(Read(folder, device, folder.Tensors, training), adapter: null, training ? null : PlaceOf(folder));

    /// <param name="adapter">Taken over.</param>
    /// <param name="tensors">Of the folder, which the adapter stands on.</param>
    public static ModelWeights Under(
        Adapter adapter, ModelFolder folder, IDevice device, IReadOnlyList<TensorSpec> tensors, LanguageModel? beside) =>
        Shares(folder, device, tensors, beside)
            ? beside!.Weights.Share(adapter)
            : new ModelWeights(Read(folder, device, tensors, training: false), adapter, PlaceOf(folder));

    private static bool Shares(ModelFolder folder, IDevice device, IReadOnlyList<TensorSpec> tensors, LanguageModel? beside) =>
        beside is not null && ReferenceEquals(beside.Device, device) && beside.Weights.Origin == PlaceOf(folder)
            && tensors.All(tensor => beside.Parameters.Contains(tensor.Name));

    /// <summary>Where the folder really is.</summary>
    private static string PlaceOf(ModelFolder folder) =>
        Directory.ResolveLinkTarget(folder.Path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(folder.Path);

    private static ParameterSet Read(ModelFolder folder, IDevice device, IReadOnlyList<TensorSpec> tensors, bool training)
    {
        ParameterSet parameters = new(device, [.. tensors.Select(tensor => tensor.Layout())], training);
        float[] values = new float[Part];
        foreach (TensorSpec tensor in tensors)
        {
            for (long start = 0; start < tensor.Shape.Elements; start += Part)
            {
                Span<float> some = values.AsSpan(0, (int)Math.Min(Part, tensor.Shape.Elements - start));
                folder.ReadPart(tensor.Name, start, some);
                parameters.Set(tensor.Name, start, some);
            }
        }

        return parameters;
    }
}
