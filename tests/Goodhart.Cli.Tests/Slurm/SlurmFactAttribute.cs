using Xunit;

namespace Goodhart.Cli.Tests.Slurm;

/// <summary>A test on a real cluster, started by <c>.ci/slurm</c>; says that it was skipped where Slurm is not there.</summary>
internal sealed class SlurmFactAttribute : FactAttribute
{
    /// <summary>Set by .ci/run: then a cluster that cannot be had is a failure.</summary>
    public const string Variable = "GOODHART_SLURM";

    private static readonly string[] Programs = ["munged", "slurmctld", "slurmd", "sbatch"];

    public SlurmFactAttribute()
    {
        string[] places = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), "/usr/sbin", "/sbin"];
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable))
            && Programs.FirstOrDefault(program => !places.Any(place => File.Exists(Path.Combine(place, program)))) is { } missing)
        {
            Skip = $"Slurm is not installed here (no {missing}). `.ci/slurm start DIR` installs Debian's packages as root; .ci/run sets "
                + $"{Variable}, and then it must be there.";
        }
    }
}
