using Goodhart.Cli;

PlainCulture.Enter();
using Interruption interruption = Interruption.Listen(Console.Error);
return await GoodhartCommand.RunAsync(args, Console.Out, Console.Error, interruption.Token);
