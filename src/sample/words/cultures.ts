/** Where a person may come from: names that go together, and towns. */
export interface Culture {
  /** Share of the people, relative to the others. */
  readonly share: number;
  readonly women: readonly string[];
  readonly men: readonly string[];
  readonly families: readonly string[];
  readonly places: readonly string[];
}

const words = (text: string): readonly string[] => text.split(' ');
const places = (text: string): readonly string[] => text.split('; ');

export const CULTURES: readonly Culture[] = [
  {
    share: 12,
    women: words('Olivia Grace Hannah Maya Zoe Ruby Chloe Nora Ivy Paige Tessa Claire'),
    men: words('Liam Noah Owen Caleb Jack Miles Theo Ethan Felix Dylan Max Isaac'),
    families: words('Carter Bennett Walsh Hughes Foster Reed Murphy Brooks Turner Hayes Palmer Quinn'),
    places: places(
      'Chicago, United States; Austin, United States; Leeds, United Kingdom; Toronto, Canada; Perth, Australia',
    ),
  },
  {
    share: 9,
    women: words('Lucía Sofía Valentina Camila Paula Marisol Elena Inés Carmen Ximena'),
    men: words('Mateo Diego Santiago Javier Andrés Pablo Emilio Tomás Rafael Bruno'),
    families: words('García Romero Vargas Castillo Herrera Mendoza Ortega Rojas Delgado Fuentes'),
    places: places('Madrid, Spain; Bogotá, Colombia; Monterrey, Mexico; Lima, Peru; Rosario, Argentina'),
  },
  {
    share: 7,
    women: words('Beatriz Larissa Mariana Juliana Tainá Helena Isadora Lívia'),
    men: words('João Thiago Rafael Caio Gustavo Otávio Henrique Davi'),
    families: words('Silva Oliveira Costa Ferreira Almeida Ribeiro Carvalho Moreira'),
    places: places('São Paulo, Brazil; Recife, Brazil; Porto Alegre, Brazil; Lisbon, Portugal'),
  },
  {
    share: 6,
    women: words('Camille Manon Léa Juliette Inès Margaux Clémence Élise'),
    men: words('Hugo Louis Antoine Bastien Rémi Gabriel Maxime Yanis'),
    families: words('Moreau Lefèvre Girard Bonnet Fontaine Mercier Chevalier Perrin'),
    places: places('Lyon, France; Nantes, France; Montréal, Canada; Liège, Belgium'),
  },
  {
    share: 6,
    women: words('Lena Johanna Frieda Mila Greta Annika Leonie Marlene'),
    men: words('Jonas Lukas Finn Moritz Emil Anton Jannik Oskar'),
    families: words('Becker Hoffmann Schäfer Krüger Vogel Brandt Lindner Keller'),
    places: places('Leipzig, Germany; Hamburg, Germany; Vienna, Austria; Basel, Switzerland'),
  },
  {
    share: 8,
    women: words('Aarohi Priya Ananya Kavya Meera Ishita Divya Nandini Sanya Tara'),
    men: words('Arjun Rohan Vikram Aditya Karan Nikhil Ishaan Dev Siddharth Rahul'),
    families: words('Sharma Iyer Patel Nair Reddy Banerjee Kulkarni Singh Chauhan Menon'),
    places: places('Pune, India; Kochi, India; Jaipur, India; Kolkata, India; Leicester, United Kingdom'),
  },
  {
    share: 7,
    women: words('Yuna Sakura Hina Aoi Mei Rin Kaori Emi'),
    men: words('Haruto Ren Sota Kaito Yuto Daiki Takumi Riku'),
    families: words('Sato Tanaka Kobayashi Nakamura Mori Ishikawa Yamada Fujita'),
    places: places('Osaka, Japan; Sapporo, Japan; Fukuoka, Japan; Yokohama, Japan'),
  },
  {
    share: 6,
    women: words('Jiwoo Soyeon Minji Hayoon Eunji Seoyeon Yerin Dahye'),
    men: words('Minjun Jiho Seojun Hyunwoo Taeyang Dohyun Joon Sungmin'),
    families: words('Kim Lee Park Choi Jung Kang Yoon Han'),
    places: places('Seoul, South Korea; Busan, South Korea; Daegu, South Korea'),
  },
  {
    share: 7,
    women: words('Mei-Ling Xinyi Jiayi Yutong Lan Qing Wenjing Hui'),
    men: words('Wei Haoran Zihan Jun Tao Yichen Bo Ming'),
    families: words('Wang Li Zhang Chen Liu Huang Zhao Lin'),
    places: places('Chengdu, China; Hangzhou, China; Taipei, Taiwan; Singapore, Singapore'),
  },
  {
    share: 7,
    women: words('Adaeze Folake Ngozi Temitope Chiamaka Amina Simisola Ebele'),
    men: words('Chinedu Tunde Emeka Ifeanyi Sola Kelechi Yusuf Obinna'),
    families: words('Okafor Adeyemi Balogun Eze Okonkwo Ibrahim Nwosu Afolabi'),
    places: places('Lagos, Nigeria; Abuja, Nigeria; Accra, Ghana; Enugu, Nigeria'),
  },
  {
    share: 5,
    women: words('Wanjiru Akinyi Neema Zawadi Makena Subira'),
    men: words('Kamau Otieno Juma Baraka Kiprop Tumaini'),
    families: words('Mwangi Odhiambo Njoroge Kimani Mushi Cheruiyot'),
    places: places('Nairobi, Kenya; Mombasa, Kenya; Arusha, Tanzania; Kampala, Uganda'),
  },
  {
    share: 6,
    women: words('Layla Nour Salma Yasmin Hana Farah Rania Dalia'),
    men: words('Omar Karim Tariq Ziad Hassan Sami Adel Nabil'),
    families: words('Haddad Mansour Khalil Nasser Farouk Saleh Aziz Rahman'),
    places: places('Cairo, Egypt; Amman, Jordan; Casablanca, Morocco; Beirut, Lebanon'),
  },
  {
    share: 5,
    women: words('Elif Zeynep Defne Ece Melis Selin'),
    men: words('Emre Kerem Deniz Mert Can Barış'),
    families: words('Yılmaz Demir Kaya Şahin Aydın Arslan'),
    places: places('İzmir, Türkiye; Ankara, Türkiye; Bursa, Türkiye'),
  },
  {
    share: 5,
    women: words('Zofia Oksana Maja Katya Daria Kinga'),
    men: words('Jakub Taras Kacper Danylo Marek Bohdan'),
    families: words('Kowalski Shevchenko Nowak Bondarenko Zieliński Melnyk'),
    places: places('Kraków, Poland; Lviv, Ukraine; Gdańsk, Poland; Vilnius, Lithuania'),
  },
  {
    share: 5,
    women: words('Putri Linh Dewi Thảo Ayu Mai'),
    men: words('Bayu Minh Rizky Quân Arif Nam'),
    families: words('Santoso Nguyễn Wijaya Trần Pratama Phạm'),
    places: places('Bandung, Indonesia; Đà Nẵng, Vietnam; Yogyakarta, Indonesia; Cebu, Philippines'),
  },
  {
    share: 4,
    women: words('Saga Freja Ingrid Aino Elsa Sólveig'),
    men: words('Nils Aksel Viggo Eero Lars Einar'),
    families: words('Lindqvist Hansen Virtanen Berg Dahl Nyström'),
    places: places('Gothenburg, Sweden; Bergen, Norway; Tampere, Finland; Aarhus, Denmark'),
  },
];
