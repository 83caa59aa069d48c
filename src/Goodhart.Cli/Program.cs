using Goodhart.Cli;

using Interruption interruption = Interruption.Listen(Console.Error);
return await GoodhartCommand.RunAsync(args, Console.Out, Console.Error, interruption.Token);
