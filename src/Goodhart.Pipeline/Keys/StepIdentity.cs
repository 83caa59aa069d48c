namespace Goodhart.Pipeline;

/// <summary>What a step is, apart from where and when it runs.</summary>
/// <param name="Name">As in the folder's name.</param>
/// <param name="Hash">SHA-256 of <paramref name="Canonical"/>, 64 hexadecimal digits.</param>
/// <param name="Canonical">Canonical JSON of name, version, numerics version and fields; inputs stand in it by their hash.</param>
/// <param name="Inputs">The steps among the fields, each once.</param>
internal sealed record StepIdentity(string Name, string Hash, string Canonical, IReadOnlyList<Step> Inputs)
{
    /// <summary>The part of the hash that people see: 64 bits, ample for the thousands of steps of one folder.</summary>
    public string Key => Hash[..16];

    public string Folder => $"{Name}-{Key}";
}
