namespace Goodhart.Models.Adapters;

/// <summary>Finds the model that an adapter stands on: adapter_config.json names it by a path that may be relative to anything.</summary>
internal static class AdapterBase
{
    /// <summary>An absolute path; or relative to the adapter's folder (to where it really lies, where it is a link), or to the current one.</summary>
    /// <exception cref="DirectoryNotFoundException">No such folder; the message says where it was looked for.</exception>
    public static string Find(string adapter, string name)
    {
        string real = Directory.ResolveLinkTarget(adapter, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(adapter);
        string[] places = [.. ((string[])[Path.Combine(real, name), Path.Combine(adapter, name), name]).Select(Path.GetFullPath).Distinct()];
        return places.FirstOrDefault(Directory.Exists) ?? throw new DirectoryNotFoundException(
            $"{adapter} is an adapter of {name} (base_model_name_or_path in {AdapterFile.Name}), and there is no such model folder: looked for "
            + $"{string.Join(" and ", places)}. Put the model there, or write its path into {AdapterFile.Name}.");
    }
}
