using System.Globalization;

namespace Goodhart.Models.Adapters;

/// <summary>What to say where an adapter is wanted on an adapter.</summary>
public static class AdapterFault
{
    /// <summary>For the caller to throw.</summary>
    public static InvalidDataException Twice(string path, LoraConfig found) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{path}: expected a model to adapt, found an adapter (of rank {found.Rank}). Leave --lora out to go on training it, ")
            + "or write a model of it and its base first: goodhart merge.");
}
