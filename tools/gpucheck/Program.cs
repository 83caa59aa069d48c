using System.Globalization;
using Goodhart.Cli;
using Goodhart.GpuCheck;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["goodhart", .. string[] rest])
{
    return await GoodhartCommand.RunAsync(rest, Console.Out, Console.Error, CancellationToken.None);
}

return await GpuCheckCommand.RunAsync(args, Console.Out, Console.Error);
