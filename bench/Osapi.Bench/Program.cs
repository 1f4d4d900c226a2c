using Osapi.Bench;

switch (args)
{
    case ["engine"]:
        await EngineCost.RunAsync();
        return 0;
    default:
        Console.WriteLine("dotnet run -c Release --project bench/Osapi.Bench -- engine    cost per task beside a hand-written Task.WhenAll");
        return args.Length == 0 ? 0 : 2;
}
