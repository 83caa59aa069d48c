using System.Globalization;
using Goodhart.Models.Safetensors;

namespace Goodhart.Models.Averaging;

/// <summary>The weighted average of models' parameters, tensor by tensor: no training, and of the same shape as each of them.</summary>
public static class ModelAverage
{
    private const int MostNamed = 5;

    /// <summary>Writes the average as a model folder, whole or not at all. Sums are in double, in the order of the models.</summary>
    /// <param name="path">A new or empty folder.</param>
    /// <param name="weights">One for each model; a weight of 0 takes a model away altogether.</param>
    /// <exception cref="InvalidDataException">The models are not alike; the message names what differs; or the folder holds
    /// something already.</exception>
    public static void Save(string path, IReadOnlyList<ModelFolder> models, IReadOnlyList<double> weights, SaveOptions options)
    {
        RequireAlike(models);
        float[] values = new float[models[0].Tensors.Max(tensor => tensor.Shape.Elements)];
        double[] sums = new double[values.Length];
        ModelFolder.Save(path, models[0].Config, Fill, options);

        void Fill(string name, Span<float> destination)
        {
            Span<double> sum = sums.AsSpan(0, destination.Length);
            sum.Clear();
            for (int model = 0; model < models.Count; model++)
            {
                if (weights[model] != 0)
                {
                    models[model].ReadInto(name, values.AsSpan(0, destination.Length));
                    for (int i = 0; i < destination.Length; i++)
                    {
                        sum[i] += weights[model] * values[i];
                    }
                }
            }

            for (int i = 0; i < destination.Length; i++)
            {
                destination[i] = (float)sum[i];
            }
        }
    }

    /// <exception cref="InvalidDataException">The models are not alike; the message names what differs.</exception>
    public static void RequireAlike(IReadOnlyList<ModelFolder> models)
    {
        ModelFolder first = models[0];
        Dictionary<string, TensorShape> expected = first.Tensors.ToDictionary(
            tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
        foreach (ModelFolder other in models.Skip(1))
        {
            Dictionary<string, TensorShape> found = other.Tensors.ToDictionary(
                tensor => tensor.Name, tensor => tensor.Shape, StringComparer.Ordinal);
            string[] differences =
            [
                .. expected.Keys.Union(found.Keys).Where(name => !Equals(expected.GetValueOrDefault(name), found.GetValueOrDefault(name)))
                    .Select(name => $"{name} {Text(expected, name)} and {Text(found, name)}"),
                .. ConfigDifferences(first.Config, other.Config),
            ];
            if (differences.Length > 0)
            {
                string more = differences.Length > MostNamed
                    ? string.Create(CultureInfo.InvariantCulture, $" and {differences.Length - MostNamed} more")
                    : "";
                throw new InvalidDataException(
                    $"{first.Path} and {other.Path}: expected models of one shape, found "
                        + $"{string.Join("; ", differences.Take(MostNamed))}{more}. "
                    + "Only models that were trained from one start can be averaged.");
            }
        }

        static string Text(Dictionary<string, TensorShape> shapes, string name) =>
            shapes.TryGetValue(name, out TensorShape? shape) ? shape.ToString() : "none";
    }

    /// <summary>Constants of the forward pass that no tensor's shape shows. How fresh weights were drawn is none of them.</summary>
    private static IEnumerable<string> ConfigDifferences(ModelConfig first, ModelConfig other) => first.GetType() != other.GetType()
        ? [$"model_type {first.ModelType} and {other.ModelType}"]
        : first.GetType().GetProperties()
            .Where(property => property.CanWrite && property.Name != nameof(ModelConfig.InitializerRange)
                && !Equals(property.GetValue(first), property.GetValue(other)))
            .Select(property => string.Create(
                CultureInfo.InvariantCulture, $"{property.Name} {property.GetValue(first) ?? "none"} and "
                    + $"{property.GetValue(other) ?? "none"}"));
}
