using System.Globalization;
using Goodhart.Studies.Tools;

namespace Goodhart.Cli.Live;

/// <summary>What was loaded, and how long that took.</summary>
internal static class ModelLine
{
    /// <param name="writer">Where progress goes.</param>
    public static void Write(TextWriter writer, bool quiet, params ReadOnlySpan<LoadedModel> models)
    {
        foreach (LoadedModel loaded in quiet ? [] : models)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{loaded.Path}: {loaded.Model.Parameters.Count:N0} parameters, loaded in {loaded.Loading.TotalSeconds:0.0} s"));
        }
    }
}
