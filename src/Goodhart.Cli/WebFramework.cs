using System.Reflection;
using System.Runtime.Loader;

namespace Goodhart.Cli;

/// <summary>
/// The shared framework that <c>serve</c> alone needs, found when it is wanted: named in the program's own configuration, every command
/// would start later for it, and none where it is missing.
/// </summary>
internal static class WebFramework
{
    private const string Name = "Microsoft.AspNetCore.App";

    private static readonly Lock Gate = new();
    private static string? Folder;

    /// <summary>From here on the framework's assemblies are found. Call it before anything that names their types is compiled.</summary>
    /// <exception cref="NotSupportedException">It is not installed.</exception>
    public static void Require()
    {
        lock (Gate)
        {
            if (Folder is null)
            {
                Folder = Find();
                AssemblyLoadContext.Default.Resolving += Resolve;
            }
        }
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName name)
    {
        string path = Path.Combine(Folder!, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }

    /// <summary>Beside the runtime that this program runs on; of the same major version the newest.</summary>
    private static string Find()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string shared = Path.GetFullPath(Path.Combine(runtime, "..", "..", Name));
        string? newest = !Directory.Exists(shared) ? null : Directory.EnumerateDirectories(shared)
            .Where(path => Version.TryParse(Path.GetFileName(path), out Version? found) && found.Major == Environment.Version.Major)
            .MaxBy(path => Version.Parse(Path.GetFileName(path)));
        return newest ?? throw new NotSupportedException(
            $"`goodhart serve` needs the ASP.NET Core runtime {Environment.Version.Major}.0, and there is none in {shared}. Install it "
            + "(package aspnetcore-runtime-10.0, or the .NET SDK, which has it); all other commands do without.");
    }
}
