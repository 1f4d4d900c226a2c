using Osapi.Examples;

return await Examples.RunAsync(args, Console.Out, Console.Error);
